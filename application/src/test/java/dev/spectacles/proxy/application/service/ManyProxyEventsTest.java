package dev.spectacles.proxy.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectacles.proxy.application.port.out.ProxyEvents;
import dev.spectacles.proxy.domain.cache.CacheSource;
import dev.spectacles.proxy.domain.ratelimit.TooManyRequests;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import dev.spectacles.proxy.domain.request.ResponseStatus;
import dev.spectacles.proxy.domain.route.Route;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManyProxyEventsTest {
  private static final Map<Class<?>, Object> ARGUMENTS =
      Map.of(
          int.class,
          3,
          long.class,
          4L,
          boolean.class,
          true,
          Duration.class,
          Duration.ofSeconds(5),
          Route.class,
          Route.UNREADABLE,
          CacheSource.class,
          CacheSource.REST,
          TooManyRequests.Scope.class,
          TooManyRequests.Scope.USER,
          ProxyResponse.class,
          new ProxyResponse.Failure(ResponseStatus.UNKNOWN_ERROR, "why"));

  static List<Method> events() {
    return Arrays.stream(ProxyEvents.class.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .toList();
  }

  /** Also an event that is added one day. */
  @ParameterizedTest
  @MethodSource("events")
  void everyEvent_reachesAllInOrder(Method event) throws Exception {
    var heard = new ArrayList<List<Object>>();
    var many = new ManyProxyEvents(List.of(listener("first", heard), listener("second", heard)));
    Object[] arguments =
        Arrays.stream(event.getParameterTypes())
            .map(type -> java.util.Objects.requireNonNull(ARGUMENTS.get(type), type.getName()))
            .toArray();

    event.invoke(many, arguments);

    assertThat(heard)
        .containsExactly(
            List.of("first", event.getName(), List.of(arguments)),
            List.of("second", event.getName(), List.of(arguments)));
  }

  private static ProxyEvents listener(String name, List<List<Object>> heard) {
    return (ProxyEvents)
        Proxy.newProxyInstance(
            ProxyEvents.class.getClassLoader(),
            new Class<?>[] {ProxyEvents.class},
            (proxy, method, arguments) -> {
              heard.add(
                  List.of(
                      name, method.getName(), arguments == null ? List.of() : List.of(arguments)));
              return null;
            });
  }
}
