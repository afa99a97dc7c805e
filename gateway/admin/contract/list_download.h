#pragma once

#include "gateway/admin/contract/answer.h"
#include "gateway/admin/contract/list_query.h"
#include "gateway/store/list_question.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace delta::admin {

/// Some rows of a list, as its pages show them.
struct ListRows {
    std::vector<QJsonObject> items;
    std::optional<store::ListPlace> next; ///< Absent: these are the last.
};

/// Reads a page of a list. Called on the thread that owns the store. Errors: StoreUnavailable.
using ListPageReader = std::function<Result<ListRows>(const store::ListQuestion &question)>;

/// Makes the file of a list: all rows that the question chooses, from its place on, whatever its limit is. `path` is that
/// of the list and names the file; `columns` come first in a file for spreadsheets, and behind them what the first row
/// has besides. `format` is one of a file.
[[nodiscard]] Answer downloadAnswer(ListFormat format, const QByteArray &path,
                                    const QStringList &columns, store::ListQuestion question,
                                    ListPageReader reader);

} // namespace delta::admin
