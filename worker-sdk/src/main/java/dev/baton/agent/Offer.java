package dev.baton.agent;

import dev.baton.protocol.Message;
import java.io.FileDescriptor;

/**
 * Something we hold of the supervisor's, for the next one to take back.
 *
 * @param descriptors in the order of the message's {@code fds}; they stay ours
 */
@SuppressWarnings("ArrayRecordComponent") // as they are sent
record Offer(Message message, FileDescriptor... descriptors) {}
