#pragma once

#include "gateway/routing/endpoint_maker.h"
#include "shared/billing/price_book.h"
#include "shared/core/result.h"

namespace delta::test {

/// Makes endpoints where no provider is known, for tests that are about other things.
struct PlainEndpoints {
    const PriceBook prices = PriceBook::builtIn();
    const routing::EndpointMaker maker{prices, [](ports::Endpoint &) { return Result<void>(); }};
};

} // namespace delta::test
