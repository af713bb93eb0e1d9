/** Planted. */
@NullMarked
package violations.rule17.application;

import org.jspecify.annotations.NullMarked;
