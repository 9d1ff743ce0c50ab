package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Address;
import java.net.SocketAddress;
import java.util.Map;

/** One gate of one worker, tried again and again. Blocks for as long as its timeout allows. */
interface Probe {
  /** Tries it once on these addresses, each given by the listener it stands for. */
  Gates.Result run(Map<Address, SocketAddress> faces);
}
