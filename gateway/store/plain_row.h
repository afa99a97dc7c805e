#pragma once

#include <QByteArrayView>
#include <QtTypes>

#include <functional>
#include <optional>

namespace delta::store {

/// A row of a result in the database's own memory. Lives no longer than the visit of the row.
class PlainRow
{
public:
    PlainRow() = default;
    PlainRow(const PlainRow &) = delete;
    PlainRow &operator=(const PlainRow &) = delete;
    virtual ~PlainRow() = default;
    /// Returns a text, as UTF-8, or bytes; empty where there are none.
    [[nodiscard]] virtual QByteArrayView bytes(int column) const = 0;
    /// Returns an integer of 64 bits; nothing where the column is null.
    [[nodiscard]] virtual std::optional<qint64> number(int column) const = 0;
};

using PlainRowReader = std::function<void(const PlainRow &row)>;

} // namespace delta::store
