package dev.baton.channel;

/** The process at the other end of a connection, by the kernel's word ({@code SO_PEERCRED}). */
public record Peer(long pid, long uid) {}
