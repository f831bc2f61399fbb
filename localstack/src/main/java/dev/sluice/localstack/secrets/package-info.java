/** AWS Secrets Manager on one machine. */
@NullMarked
package dev.sluice.localstack.secrets;

import org.jspecify.annotations.NullMarked;
