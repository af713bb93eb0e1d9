/**
 * What Discord's REST API would answer, made from what its gateway told, and how close that comes.
 *
 * <p>Start with {@link AnswerRoute}, the table of routes, and {@link Composition}.
 *
 * <p>Source: Discord docs, Resources, compared with Gateway Events.
 */
@NullMarked
package dev.spectacles.proxy.domain.entity.answer;

import org.jspecify.annotations.NullMarked;
