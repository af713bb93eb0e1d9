package violations.rule05.adapter.redis;

import violations.rule05.adapter.spi.Context;

record Obedient(Context context) {}
