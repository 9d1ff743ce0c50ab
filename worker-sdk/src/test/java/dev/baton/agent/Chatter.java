package dev.baton.agent;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A worker in a process of its own: prints what it reads, on stdout and on stderr. */
final class Chatter {
  private Chatter() {}

  public static void main(String[] args) throws Exception {
    if (!FakeSupervisor.broker(Path.of(args[0])).isAttached()) {
      throw new IllegalStateException("not attached");
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("out " + line);
      System.err.println("err " + line);
    }
  }
}
