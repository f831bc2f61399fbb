/** Amazon SQS on one machine. */
@NullMarked
package dev.sluice.localstack.queue;

import org.jspecify.annotations.NullMarked;
