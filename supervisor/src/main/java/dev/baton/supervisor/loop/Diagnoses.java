package dev.baton.supervisor.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.core.Figures;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.OpenConnections;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.resource.Evidence;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down why workers are still alive, and keeps what those that died have left. Asked on the
 * loop; what reads and writes files, and waits for the worker, does so on threads of its own.
 */
final class Diagnoses {
  private static final Logger LOG = System.getLogger(Diagnoses.class.getName());

  /** What an agent needs that has not been asked for anything else. */
  private static final long AGENT_MILLIS = 1_000;

  /** What a JVM needs to print its threads. */
  private static final long SIGNAL_MILLIS = 1_000;

  private static final long LOOK_MILLIS = 20;

  /** The end of a dump is not longer. */
  private static final int TAIL_BYTES = 8 * 1024;

  /** The last of what SIGQUIT has a JVM print is about its heap, behind its references. */
  private static final String END_OF_DUMP = "JNI global ref";

  /** How many of what a worker has written last are kept. */
  static final int LAST_LINES = 200;

  private final Evidence evidence;
  private final Executor threads;
  private final Inbox inbox;
  private final StoreErrands.Sender sender;
  private final Noted noted;

  // Mutable state, touched on the loop only
  private final Map<String, Question> asked = new HashMap<>();
  private long lastId;

  /** Is told on the loop of what there is, or will be in a moment; and why it died, if it did. */
  interface Noted {
    void note(WorkerId worker, Path folder, String died);
  }

  /**
   * A worker, as the loop knows it at this moment.
   *
   * @param root the process it was started as
   * @param jvm the pid of its JVM; 0 if it has not attached
   * @param output the file it writes its output into; null if there is none
   * @param figures what it has told last
   * @param kept how many folders its service has at most
   */
  record Subject(
      WorkerId id,
      ProcessHandle root,
      long jvm,
      @Nullable Path output,
      @Nullable Figures figures,
      int kept) {
    long pid() {
      return jvm == 0 ? root.pid() : jvm;
    }
  }

  /** Has written nothing yet. */
  Diagnoses(
      Evidence evidence, Executor threads, Inbox inbox, StoreErrands.Sender sender, Noted noted) {
    this.evidence = evidence;
    this.threads = threads;
    this.inbox = inbox;
    this.sender = sender;
    this.noted = noted;
  }

  /**
   * Writes down what the worker does at this moment.
   *
   * @param occasion how the file is called
   * @param done told on the loop which file it is, or why there is none
   */
  void begin(Subject subject, String occasion, Done done) {
    Path folder = evidence.folder(subject.id(), subject.pid());
    threads.execute(
        () -> {
          Result result;
          try {
            result = new Result(write(subject, folder, occasion), "");
          } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "cannot write down what " + subject.id() + " does", e);
            result = new Result(null, String.valueOf(e.getMessage()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end of everything
            result = new Result(null, "the supervisor ends");
          }
          Result told = result;
          inbox.post(
              now -> {
                if (told.file() != null) {
                  noted.note(subject.id(), folder, "");
                }
                done.done(told, now);
              });
        });
  }

  /**
   * What came of it.
   *
   * @param file null if nothing did
   * @param problem why
   */
  record Result(@Nullable Path file, String problem) {}

  /** Is told on the loop what came of it. */
  interface Done {
    void done(Result result, long now);
  }

  private Path write(Subject subject, Path folder, String occasion)
      throws IOException, InterruptedException {
    String name = occasion + ".txt";
    try (FileChannel file = evidence.open(folder, name)) {
      append(file, heading(subject, occasion));
      append(file, connections(subject.pid()));
      long before = file.size();
      askAgent(subject.id(), file);
      if (file.size() == before) {
        addPrinted(subject, file);
      }
    }
    evidence.prune(subject.id().service(), subject.kept());
    return folder.resolve(name);
  }

  private static String heading(Subject subject, String occasion) {
    Figures figures = subject.figures();
    return String.format(
        "%s, pid %d, %s, at %s%nfigures told last: %s%n%n",
        subject.id(),
        subject.pid(),
        occasion,
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        figures == null ? "none" : text(figures));
  }

  private static String text(Figures figures) {
    return String.format(
        "java %s, heap %d of %d bytes, GC %d permille, %d threads, %d classes",
        figures.java(),
        figures.heap(),
        figures.heapMax(),
        figures.gcPermille(),
        figures.threads(),
        figures.classes());
  }

  private static String connections(long pid) {
    List<String> all = OpenConnections.of(pid);
    return String.format("%d sockets, by the kernel:%n", all.size())
        + (all.isEmpty() ? "" : String.join(System.lineSeparator(), all) + System.lineSeparator())
        + System.lineSeparator();
  }

  /** Has it write its threads into the file, and waits for it, but not for long. */
  private void askAgent(WorkerId id, FileChannel file) throws InterruptedException {
    Question question = new Question(id, file);
    inbox.post(now -> ask(question));
    boolean unused = question.answered.await(AGENT_MILLIS, TimeUnit.MILLISECONDS);
    question.end();
    inbox.post(now -> asked.values().remove(question));
  }

  private void ask(Question question) {
    String number = Long.toString(++lastId);
    asked.put(number, question);
    try {
      question.send(number, sender);
    } catch (IOException e) {
      question.answered.countDown();
    }
  }

  /** One that an agent was asked, or is about to be. */
  private static final class Question {
    private final WorkerId worker;
    private final FileChannel file;
    private final CountDownLatch answered = new CountDownLatch(1);

    // Guarded by this
    private boolean over;

    private Question(WorkerId worker, FileChannel file) {
      this.worker = worker;
      this.file = file;
    }

    /** Not when it is over: the number of a closed file may be another's. */
    synchronized void send(String number, StoreErrands.Sender sender) throws IOException {
      if (!over) {
        sender.send(
            worker,
            Message.of(Verb.DUMP)
                .with("id", number)
                .with("fds", "dump")
                .with("most", Evidence.MOST_BYTES),
            Descriptors.of(file));
      }
    }

    synchronized void end() {
      over = true;
    }
  }

  /** It has written its threads, or cannot; who does not know the order need not know its id. */
  void answered(WorkerId worker, Message message) {
    String id = message.text("id", "");
    asked.forEach(
        (number, question) -> {
          if (id.isEmpty() ? question.worker.equals(worker) : number.equals(id)) {
            question.answered.countDown();
          }
        });
  }

  /** What a JVM whose agent does not answer prints at SIGQUIT into its log. */
  private static void addPrinted(Subject subject, FileChannel file)
      throws IOException, InterruptedException {
    Path log = subject.output();
    if (!Processes.catchesQuit(subject.pid())) {
      append(file, "its threads are not known: no agent of it answers, and SIGQUIT would end it\n");
    } else if (log == null) {
      Processes.signal(subject.root(), subject.jvm(), "QUIT");
      append(
          file, "its agent does not answer: at SIGQUIT it prints its threads, but into no log\n");
    } else {
      append(file, "its agent does not answer: what came into " + log + " after SIGQUIT:\n");
      try (FileChannel in = FileChannel.open(log)) {
        long from = in.size();
        Processes.signal(subject.root(), subject.jvm(), "QUIT");
        awaitEndOfDump(in, from);
        in.transferTo(from, Evidence.MOST_BYTES, file);
      }
    }
  }

  private static void awaitEndOfDump(FileChannel log, long from)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SIGNAL_MILLIS);
    do {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } while (!tail(log, from).contains(END_OF_DUMP) && System.nanoTime() - end < 0);
  }

  private static String tail(FileChannel log, long from) throws IOException {
    long first = Math.max(from, log.size() - TAIL_BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(TAIL_BYTES);
    while (bytes.hasRemaining() && log.read(bytes, first + bytes.position()) > 0) {}
    return new String(bytes.array(), 0, bytes.position(), UTF_8);
  }

  private static void append(FileChannel file, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /**
   * Keeps what a worker has left that is gone.
   *
   * @param reason why it died; empty if it was told to end: then there may be nothing to keep
   * @param lastLines reads them
   * @param others pids of those that are not gone
   */
  void keepRemains(
      Subject subject, String reason, Supplier<List<String>> lastLines, Set<Long> others) {
    Path folder = evidence.folder(subject.id(), subject.pid());
    if (!reason.isEmpty()) {
      noted.note(subject.id(), folder, reason); // now: what it is part of may be over in a moment
    }
    threads.execute(
        () -> {
          try {
            boolean any = keep(subject, folder, reason, lastLines, others);
            if (any && reason.isEmpty()) {
              inbox.post(now -> noted.note(subject.id(), folder, ""));
            }
          } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "cannot keep what " + subject.id() + " has left", e);
          }
        });
  }

  private boolean keep(
      Subject subject,
      Path folder,
      String reason,
      Supplier<List<String>> lastLines,
      Set<Long> others)
      throws IOException {
    List<Path> left = evidence.left(subject.id().service(), others);
    for (Path one : left) {
      evidence.take(one, folder);
    }
    boolean any = !left.isEmpty() || !reason.isEmpty();
    if (any) {
      try (FileChannel file = evidence.open(folder, "output.txt")) {
        append(file, heading(subject, reason.isEmpty() ? "told to end" : reason));
        append(file, String.join("\n", lastLines.get()) + "\n");
      }
      evidence.prune(subject.id().service(), subject.kept());
    }
    return any;
  }
}
