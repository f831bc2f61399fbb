/** Where the API is: a cloud that runs here, one started for this command, or a deployment. */
@NullMarked
package dev.sluice.cli.cloud;

import org.jspecify.annotations.NullMarked;
