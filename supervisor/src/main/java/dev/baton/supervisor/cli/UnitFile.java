package dev.baton.supervisor.cli;

import java.nio.file.Path;

/**
 * A unit of systemd that runs a supervisor, and why it is as it is.
 *
 * @param name of the supervisor, for commands
 * @param unit what the file is called, without {@code .service}
 * @param file the configuration
 * @param user whom it runs as; empty for root
 * @param stopSeconds that an orderly end may take
 * @param lowPorts whether it listens below 1024
 * @param launcher our own, absolute
 * @param javaHome of the Java that runs us
 */
record UnitFile(
    String name,
    String unit,
    Path file,
    String user,
    long stopSeconds,
    boolean lowPorts,
    Path launcher,
    Path javaHome) {

  /** Where the unit has directories of its own, which commands then have to be told. */
  private String directory() {
    return user.isEmpty() ? "baton" : "baton-" + name;
  }

  String text() {
    return head() + process() + restart() + directories() + rights() + tail();
  }

  private String head() {
    return """
        # /etc/systemd/system/%1$s.service, written by baton unit; then
        # systemctl daemon-reload && systemctl enable --now %1$s

        [Unit]
        Description=%2$s, under Baton
        After=network-online.target
        Wants=network-online.target
        # A supervisor that dies is started again however often: its workers serve meanwhile.
        StartLimitIntervalSec=0

        """
        .formatted(unit, escaped(name));
  }

  private String process() {
    return """
        [Service]
        # Started is: all services serve. Each has its own start.timeout.
        Type=notify
        TimeoutStartSec=infinity
        # Nobody speaks for the service but the supervisor. At an upgrade the old one names the new.
        NotifyAccess=main
        Environment=JAVA_HOME=%s
        ExecStart=%s run -f %s
        # Fails with the reason, and changes nothing, when the file is wrong.
        ExecReload=%s reload -s %s

        """
        .formatted(
            quoted(javaHome), command(launcher), command(file), command(launcher), escaped(name));
  }

  private String restart() {
    return """
        # When the supervisor is killed, its workers serve on and are taken over by the next one. All
        # other modes would kill them too. So only the supervisor is told to stop, and it drains and
        # ends its workers before it ends itself.
        KillMode=process
        # Longer than draining and stopping can take along each chain of "after", or workers are
        # left; systemctl kill --kill-whom=all ends those.
        TimeoutStopSec=%d
        # SIGTERM while Java starts.
        SuccessExitStatus=143
        # Always: what ended it was not an operator, who says systemctl stop. After baton stop it is
        # started again.
        Restart=always
        RestartSec=1
        # But not while its file is wrong.
        RestartPreventExitStatus=2
        # A worker that runs out of memory is replaced; the default would stop the whole service.
        OOMPolicy=continue
        # A supervisor that hangs prints where, and is started again.
        WatchdogSec=30
        WatchdogSignal=SIGQUIT
        TimeoutAbortSec=5
        # Copies of all listeners: connections queue in them even when all processes die at once. They
        # are kept while the unit restarts, and closed when it stops.
        FileDescriptorStoreMax=512
        LimitNOFILE=65536

        """
        .formatted(stopSeconds);
  }

  private String directories() {
    String own =
        """
        # Sockets and notes through which workers are found again: not to be removed when we die.
        RuntimeDirectory=%1$s
        RuntimeDirectoryPreserve=yes
        # Logs, history, and the copies of artifacts that workers run on.
        StateDirectory=%1$s
        """
            .formatted(directory());
    String told =
        """
        # Commands need the same: sudo -u %2$s BATON_RUNTIME_DIR=/run/%1$s baton status
        Environment=BATON_RUNTIME_DIR=%%t/%1$s BATON_STATE_DIR=%%S/%1$s
        """
            .formatted(directory(), user);
    return own + (user.isEmpty() ? "" : told) + "\n";
  }

  private String rights() {
    String root =
        """
        # As root, with what it takes to bind any port, to start workers as other users, to see
        # what they have open, and to raise their weight. Where none of that is needed:
        # baton unit --user USER
        CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_KILL
        CapabilityBoundingSet=CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE CAP_SYS_PTRACE CAP_SYS_NICE
        """;
    String low =
        """
        # For ports below 1024. Workers inherit it.
        AmbientCapabilities=CAP_NET_BIND_SERVICE
        CapabilityBoundingSet=CAP_NET_BIND_SERVICE
        """;
    String none =
        """
        # No port is below 1024: no capability is needed.
        CapabilityBoundingSet=
        """;
    if (user.isEmpty()) {
      return root;
    }
    return "User=" + escaped(user) + "\n" + (lowPorts ? low : none);
  }

  private static String tail() {
    return """
        NoNewPrivileges=yes
        # All of this holds for workers too. With ProtectSystem=strict, name with ReadWritePaths= where
        # they write.
        ProtectSystem=full
        ProtectHome=read-only
        PrivateDevices=yes
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectHostname=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        ProtectKernelTunables=yes
        LockPersonality=yes
        RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
        RestrictNamespaces=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallErrorNumber=EPERM
        # Not PrivateTmp: it is emptied at each start, under workers that serve.
        # Not MemoryDenyWriteExecute: the compiler of a JVM writes code.

        [Install]
        WantedBy=multi-user.target
        """;
  }

  /** A word of a command line. */
  private static String command(Path path) {
    return quoted(path).replace("$", "$$");
  }

  private static String quoted(Path path) {
    String escaped = escaped(path.toString());
    boolean plain =
        escaped.chars().noneMatch(c -> Character.isWhitespace(c) || "\"'\\;".indexOf(c) >= 0);
    return plain ? escaped : '"' + escaped.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String escaped(String text) {
    return text.replace("%", "%%");
  }
}
