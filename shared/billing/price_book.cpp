#include "shared/billing/price_book.h"

#include "shared/billing/prices_data.h"
#include "shared/core/quoted.h"

#include <QDate>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

using ParsePrice = std::expected<PicoUsd, QString> (*)(QStringView);

/// A price in the file: what it is called, what it sets, and per how many units it is given.
struct PriceKey {
    QLatin1StringView name;
    std::optional<PicoUsd> UnitPrices::*price;
    ParsePrice parse;
};

constexpr std::array priceKeys{
    PriceKey{"input"_L1, &UnitPrices::input, fromUsdPerMillion},
    PriceKey{"output"_L1, &UnitPrices::output, fromUsdPerMillion},
    PriceKey{"cache_read"_L1, &UnitPrices::cacheRead, fromUsdPerMillion},
    PriceKey{"cache_write"_L1, &UnitPrices::cacheWrite, fromUsdPerMillion},
    PriceKey{"reasoning"_L1, &UnitPrices::reasoning, fromUsdPerMillion},
    PriceKey{"audio_input"_L1, &UnitPrices::audioInput, fromUsdPerMillion},
    PriceKey{"audio_output"_L1, &UnitPrices::audioOutput, fromUsdPerMillion},
    PriceKey{"per_image"_L1, &UnitPrices::image, fromUsdPerUnit},
    PriceKey{"per_request"_L1, &UnitPrices::request, fromUsdPerUnit},
};

/// One row of the file.
struct Row {
    QStringList providers;
    QStringList models;
    Pricing pricing;
};

std::unexpected<ApiError> problem(const QString &text)
{
    return failure(ApiError::invalidRequest(text));
}

const PriceKey *findPriceKey(QStringView name)
{
    const auto found = std::ranges::find_if(
        priceKeys, [name](const PriceKey &key) { return name == key.name; });
    return found == priceKeys.end() ? nullptr : &*found;
}

Result<void> readPrice(const PriceKey &key, const QJsonValue &value, UnitPrices &prices)
{
    // Prices are texts: a JSON number would have passed through a double.
    const auto price = key.parse(value.toString());
    if (!price) {
        return problem(u"'%1' %2"_s.arg(key.name, price.error()));
    }
    prices.*(key.price) = *price;
    return {};
}

Result<QStringList> readNames(const QJsonValue &value, const QString &key)
{
    QStringList names;
    for (const QJsonValue &name : value.toArray()) {
        if (name.toString().isEmpty()) {
            return problem(u"'%1' must hold names"_s.arg(key));
        }
        names += name.toString();
    }
    if (names.isEmpty()) {
        return problem(u"'%1' must hold at least one name"_s.arg(key));
    }
    return names;
}

Result<PriceTier> readTier(const QJsonObject &object)
{
    PriceTier tier;
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (member.key() == "above_input_tokens"_L1) {
            tier.aboveInputTokens = member->toInteger();
        } else if (const PriceKey *key = findPriceKey(member.key())) {
            TRY_VOID(readPrice(*key, *member, tier.prices));
        } else {
            return problem(u"unknown key %1"_s.arg(quoted(member.key())));
        }
    }
    if (tier.aboveInputTokens <= 0) {
        return problem(u"'above_input_tokens' must be a positive number"_s);
    }
    return tier;
}

Result<void> readTiers(const QJsonValue &value, std::vector<PriceTier> &tiers)
{
    for (const QJsonValue &element : value.toArray()) {
        TRY(const PriceTier tier, readTier(element.toObject()));
        if (!tiers.empty() && tier.aboveInputTokens <= tiers.back().aboveInputTokens) {
            return problem(u"tiers must stand in rising order"_s);
        }
        tiers.push_back(tier);
    }
    return {};
}

Result<void> readMember(const QString &key, const QJsonValue &value, Row &row)
{
    if (key == "providers"_L1) {
        TRY(row.providers, readNames(value, key));
    } else if (key == "models"_L1) {
        TRY(row.models, readNames(value, key));
    } else if (key == "tiers"_L1) {
        return readTiers(value, row.pricing.tiers);
    } else if (key == "source"_L1) {
        row.pricing.source = value.toString();
    } else if (key == "date"_L1) {
        row.pricing.date = value.toString();
    } else if (const PriceKey *price = findPriceKey(key)) {
        return readPrice(*price, value, row.pricing.base);
    } else if (key != "note"_L1) {
        return problem(u"unknown key %1"_s.arg(quoted(key)));
    }
    return {};
}

Result<Row> readRow(const QJsonObject &object)
{
    Row row;
    for (auto member = object.begin(); member != object.end(); ++member) {
        TRY_VOID(readMember(member.key(), *member, row));
    }
    if (row.providers.isEmpty() || row.models.isEmpty()) {
        return problem(u"'providers' and 'models' are needed"_s);
    }
    if (!row.pricing.isPriced()) {
        return problem(u"a price for input, an image or a request is needed"_s);
    }
    if (row.pricing.source.isEmpty()
        || !QDate::fromString(row.pricing.date, Qt::ISODate).isValid()) {
        return problem(u"'source' and 'date' (ISO 8601) are needed"_s);
    }
    return row;
}

bool hasShape(QStringView text, QStringView shape)
{
    return text.size() == shape.size()
        && std::ranges::equal(text, shape, [](QChar character, QChar wanted) {
               return wanted == u'9' ? character >= u'0' && character <= u'9' : character == wanted;
           });
}

/// Returns the name without its date at the end, or an empty view if it has none.
QStringView withoutDate(QStringView model)
{
    for (const QStringView shape : {QStringView(u"-9999-99-99"), QStringView(u"-99999999")}) {
        if (model.size() > shape.size() && hasShape(model.last(shape.size()), shape)) {
            return model.chopped(shape.size());
        }
    }
    return {};
}

} // namespace

PriceBook PriceBook::builtIn()
{
    // A broken file of our own is a bug, which the tests find; value() throws then.
    return fromJson(pricesJson()).value();
}

Result<PriceBook> PriceBook::fromJson(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError) {
        return problem(u"The price file is no JSON: %1 at byte %2."_s.arg(error.errorString())
                           .arg(error.offset));
    }
    PriceBook book;
    const QJsonArray rows = document.object().value("rows"_L1).toArray();
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const Result<Row> row = readRow(rows[i].toObject());
        if (!row) {
            return problem(u"Price row %1: %2."_s.arg(i + 1).arg(row.error().message));
        }
        for (const QString &provider : row->providers) {
            for (const QString &model : row->models) {
                if (book.m_index.contains({provider, model})) {
                    return problem(u"Price row %1: %2 of %3 is listed twice."_s.arg(i + 1).arg(
                        quoted(model), quoted(provider)));
                }
                book.m_index.insert({provider, model}, book.m_entries.size());
                book.m_entries.push_back({provider, model, row->pricing});
            }
        }
    }
    return book;
}

const Pricing *PriceBook::find(const QString &provider, const QString &model) const
{
    if (const Pricing *pricing = findExactly(provider, model)) {
        return pricing;
    }
    const QStringView undated = withoutDate(model);
    return undated.isEmpty() ? nullptr : findExactly(provider, undated);
}

const Pricing *PriceBook::findExactly(const QString &provider, QStringView model) const
{
    const auto found = m_index.constFind({provider, model.toString()});
    return found == m_index.constEnd() ? nullptr : &m_entries[*found].pricing;
}

} // namespace delta
