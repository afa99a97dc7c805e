#pragma once

#include "shared/core/result.h"
#include "shared/models/pricing.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <utility>
#include <vector>

namespace delta {

/// The published prices of the models of known providers, by provider and model name.
/// Immutable, so it may be read from any thread.
class PriceBook
{
public:
    /// Returns the prices that were compiled in from shared/billing/prices.json.
    [[nodiscard]] static PriceBook builtIn();
    /// Reads a price file; prices.json says in its head what one looks like.
    /// Errors: InvalidRequest naming the row and what is wrong with it.
    [[nodiscard]] static Result<PriceBook> fromJson(const QByteArray &json);

    /// Returns the prices of a model, or null. A name that is not listed as it stands is looked up
    /// without its date at the end, "-2024-08-06" or "-20241022"; nothing else is ever guessed,
    /// because a longer name is another model at another price. The book owns the result.
    [[nodiscard]] const Pricing *find(const QString &provider, const QString &model) const;

    /// One listed name with its prices.
    struct Entry {
        QString provider;
        QString model;
        Pricing pricing;
    };
    /// Returns all entries in the order of the file.
    [[nodiscard]] const std::vector<Entry> &entries() const
    {
        return m_entries;
    }

private:
    PriceBook() = default;
    [[nodiscard]] const Pricing *findExactly(const QString &provider, QStringView model) const;

    std::vector<Entry> m_entries;
    /// Provider and model to a place in m_entries.
    QHash<std::pair<QString, QString>, std::size_t> m_index;
};

} // namespace delta
