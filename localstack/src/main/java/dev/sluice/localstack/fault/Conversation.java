package dev.sluice.localstack.fault;

import java.io.IOException;
import java.io.OutputStream;

/**
 * What a protocol knows of the bytes on one connection. Each direction is called by a thread of its
 * own; all bytes are passed on as they came.
 */
interface Conversation {
  void fromClient(byte[] bytes, int length, OutputStream server) throws IOException;

  void fromServer(byte[] bytes, int length, OutputStream client) throws IOException;

  /** Where the conversation tells of its steps; returns only if it may go on. */
  interface Steps {
    /** Nothing is known of the connection's owner, or it is no function: no step is told. */
    Boundary begin(String step) throws IOException;

    void end(Boundary begun) throws IOException;

    /** A step without a length: only its end is told. */
    void happened(String step) throws IOException;
  }

  /** Makes one for each connection. */
  @FunctionalInterface
  interface Protocol {
    Conversation on(Steps steps);
  }
}
