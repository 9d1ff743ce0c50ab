package dev.baton.supervisor.core;

import java.util.List;

/** What can be done with logs. None of it waits; what comes of it is posted back as a fact. */
public interface LogEdges {
  /** Looks how large they are and whether they can be written. Posts {@code measured} for each. */
  void measure(List<LogId> logs);

  /** Puts a new file in the place of the present one. Posts {@code rotated} or {@code failed}. */
  void rotate(LogId log);

  /**
   * Has the worker write into the present file. Posts {@code moved} with the number of that file,
   * or {@code refused}.
   *
   * @param held the number of the file that it is to leave
   */
  void move(WorkerId worker, LogId log, long held);

  /** Nobody we know of writes into the file of that number any more. */
  void archive(LogId log, long number);

  /** Something that whoever runs the host should know. */
  void warn(LogId log, String problem);

  /** A rotation that was asked for is over. */
  void answer(long request, LogRotation result);
}
