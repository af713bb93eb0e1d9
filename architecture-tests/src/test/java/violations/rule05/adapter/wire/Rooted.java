package violations.rule05.adapter.wire;

import violations.rule05.adapter.spi.Context;

record Rooted(Context context) {}
