#pragma once

#include <QtTypes>

#include <limits>

namespace delta {

/// Returns the product of two counts, neither below zero; the highest number there is for more than that.
[[nodiscard]] constexpr qint64 saturatedProduct(qint64 a, qint64 b)
{
    qint64 product = 0;
    return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<qint64>::max() : product;
}

} // namespace delta
