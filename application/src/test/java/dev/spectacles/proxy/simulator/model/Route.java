package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.HiddenLimit;
import dev.spectacles.proxy.simulator.scenario.RouteBucket;
import java.util.List;
import java.util.Map;

/**
 * The route a request was found to be for.
 *
 * @param major value of the top-level resource the limits are counted by, empty for none
 */
record Route(
    RouteBucket bucket,
    List<HiddenLimit> hidden,
    int status,
    Map<String, String> parameters,
    String major) {

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
