package violations.rule10.adapter.local;

interface BrokerContract {}
