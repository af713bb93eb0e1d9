package dev.spectacles.proxy.simulator.world;

import static dev.spectacles.proxy.simulator.world.JsonText.object;

/**
 * Answer of Discord's REST API.
 *
 * @param body JSON; empty for none
 */
public record RestAnswer(int status, String body) {
  static RestAnswer ok(Object value) {
    return new RestAnswer(200, JsonText.write(value));
  }

  static RestAnswer error(int status, int code, String message) {
    return new RestAnswer(status, JsonText.write(object("message", message, "code", code)));
  }

  static RestAnswer missingAccess() {
    return error(403, 50001, "Missing Access");
  }
}
