package violations.rule10.adapter.local;

import violations.rule10.application.port.out.Broker;

final class LocalBroker implements Broker {}
