package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.TokenSpec;
import dev.spectacles.proxy.simulator.scenario.TokenSpec.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Knows which tokens are no longer valid. */
final class Credentials {
  private final Map<String, State> states = new HashMap<>();
  private final boolean required;

  Credentials(List<TokenSpec> tokens, boolean required) {
    tokens.forEach(token -> states.put(token.authorization(), token.state()));
    this.required = required;
  }

  void set(String authorization, State state) {
    states.put(authorization, state);
  }

  /** Whether Discord takes this request's credentials; a flaky token fails only once. */
  boolean accept(SimRequest request, ApiPath path) {
    var authorization = request.authorization();
    if (authorization.isEmpty()) {
      return !required || path.open();
    }
    return switch (states.getOrDefault(authorization, State.VALID)) {
      case VALID -> true;
      case REVOKED -> false;
      case FLAKY -> {
        states.put(authorization, State.VALID);
        yield false;
      }
    };
  }
}
