package violations.rule18.adapter.forgotten;

import violations.rule18.adapter.spi.BrokerProvider;

public final class ForgottenProvider implements BrokerProvider {}
