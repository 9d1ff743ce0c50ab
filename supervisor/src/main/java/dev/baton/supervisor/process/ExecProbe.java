package dev.baton.supervisor.process;

import com.google.common.net.InetAddresses;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether a command finds the worker well. */
final class ExecProbe implements Probe {
  private final Gate.Exec gate;
  private final Gates.Subject subject;

  ExecProbe(Gate.Exec gate, Gates.Subject subject) {
    this.gate = gate;
    this.subject = subject;
  }

  @Override
  public Gates.Result run(Faces faces) {
    ProcessBuilder builder = new ProcessBuilder(gate.command());
    Map<String, String> environment = builder.environment();
    WorkerEnvironment.removeManager(environment);
    environment.put("BATON_FACES", describe(faces.addresses()));
    environment.put("BATON_WORKER", subject.worker());
    environment.put("BATON_PID", Long.toString(subject.pid()));
    Deadline deadline = Deadline.after(gate.timeout());
    try {
      CommandRun.Ended ended = CommandRun.run(builder, deadline);
      return judge(ended, deadline);
    } catch (IOException e) {
      return new Gates.Result(
          false, name() + " could not be run: " + e.getMessage(), deadline.elapsedNanos());
    }
  }

  private Gates.Result judge(CommandRun.Ended ended, Deadline deadline) {
    String how =
        ended.inTime()
            ? " exited with " + ended.exitCode()
            : " did not end within " + deadline + " and was killed";
    boolean passed = ended.inTime() && ended.exitCode() == 0;
    String why = passed || ended.lastLine().isEmpty() ? "" : ": " + ended.lastLine();
    return new Gates.Result(passed, name() + how + why, deadline.elapsedNanos());
  }

  /** Without its directories, which would hide the phrase around it. */
  private String name() {
    String program = gate.command().get(0);
    return program.substring(program.lastIndexOf('/') + 1);
  }

  /** One line for each face: the listener, a space, where to reach it. */
  static String describe(Map<Address, SocketAddress> faces) {
    return faces.entrySet().stream()
        .map(face -> face.getKey() + " " + describe(face.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String describe(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? InetAddresses.toUriString(inet.getAddress()) + ":" + inet.getPort()
        : address.toString();
  }
}
