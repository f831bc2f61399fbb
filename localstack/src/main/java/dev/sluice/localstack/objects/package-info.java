/** Amazon S3 on one machine, with the notifications that a bucket's template asks for. */
@NullMarked
package dev.sluice.localstack.objects;

import org.jspecify.annotations.NullMarked;
