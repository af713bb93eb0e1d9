package violations.rule10.adapter.local;

final class LocalBrokerSuite implements BrokerContract {}
