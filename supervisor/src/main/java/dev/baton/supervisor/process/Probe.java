package dev.baton.supervisor.process;

/** One gate of one worker, tried again and again. Blocks for as long as its timeout allows. */
interface Probe {
  /** Tries it once. */
  Gates.Result run(Faces faces);
}
