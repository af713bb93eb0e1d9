package violations.rule01.domain;

import violations.rule01.adapter.local.Store;

record Knowing(Store store) {}
