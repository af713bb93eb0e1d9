package violations.rule10.adapter.redis;

import violations.rule10.application.port.out.Broker;

final class Rabbit implements Broker {}
