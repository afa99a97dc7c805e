#pragma once

#include "gateway/admin/access/caller.h"
#include "gateway/admin/contract/answer.h"
#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QJsonObject>
#include <QString>
#include <QUrlQuery>

#include <functional>

namespace delta::admin {

/// A request to the admin API that got through the access table. Lives while it is answered.
struct AdminCall {
    const ports::HttpRequest &request;
    const Caller &caller;
    QByteArrayList path; ///< What stood in the places of the pattern's parameters.
    QUrlQuery query;
    QJsonObject body; ///< Empty where the method has none.

    /// Returns a parameter of the path.
    [[nodiscard]] QString pathText(qsizetype index) const
    {
        return QString::fromUtf8(path.value(index));
    }
};

/// Answers a request. Called on the thread that owns the store; it may block.
using AdminHandler = std::function<Result<Answer>(const AdminCall &call)>;

/// Takes the answer to a request, once, on the thread that owns the store.
using AnswerSink = std::function<void(Result<Answer> answer)>;
/// Answers a request later: for what takes long and is no work of the store's. Called like an AdminHandler; the call
/// is gone when it returns.
using AdminLater = std::function<void(const AdminCall &call, const AnswerSink &sink)>;

/// One route of the admin API.
struct AdminRoute {
    QByteArray method;
    QByteArray pattern; ///< See http::PathTree.
    AdminHandler handler;
    AdminLater later{}; ///< Answers in the place of `handler` if there is one.
};

} // namespace delta::admin
