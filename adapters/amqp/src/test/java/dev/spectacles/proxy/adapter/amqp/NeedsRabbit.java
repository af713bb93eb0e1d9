package dev.spectacles.proxy.adapter.amqp;

import dev.spectacles.proxy.testing.NotRun;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests that need a RabbitMQ. Where none can be had they say loudly that they did not run, and with
 * {@code CI=true} they run and fail.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsRabbit.Condition.class)
public @interface NeedsRabbit {
  /** Whether to run. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (NotRun.isFailure() || RabbitServers.shared().isPresent()) {
        return ConditionEvaluationResult.enabled("there is a server, or there has to be one");
      }
      System.out.println(
          "!!! NOT RUN, for want of a RabbitMQ: " + context.getDisplayName() + " !!!");
      return ConditionEvaluationResult.disabled("no RabbitMQ");
    }
  }
}
