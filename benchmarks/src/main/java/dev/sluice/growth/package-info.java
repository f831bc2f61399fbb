/** Whether what is done with one document takes longer the more the buffers hold. */
@org.jspecify.annotations.NullMarked
package dev.sluice.growth;
