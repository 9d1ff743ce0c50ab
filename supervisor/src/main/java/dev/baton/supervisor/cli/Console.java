package dev.baton.supervisor.cli;

import java.io.PrintWriter;

/** What a command prints to. Both are somebody else's, who closes them. */
record Console(PrintWriter out, PrintWriter err) {}
