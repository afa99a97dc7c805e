#pragma once

#include "gateway/admin/access/caller.h"
#include "gateway/admin/contract/answer.h"
#include "gateway/ports/http_request.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QJsonObject>
#include <QString>
#include <QtTypes>
#include <QUrlQuery>

#include <functional>

namespace delta::admin {

/// A request to the admin API that got through the access table. Lives while it is answered.
struct AdminCall {
    const ports::HttpRequest &request;
    const Caller &caller;
    QByteArrayList path; ///< What stood in the places of the pattern's parameters.
    QUrlQuery query;
    QJsonObject body;     ///< Empty where the method has none.
    bool isFresh = false; ///< Whether the caller has shown lately who they are.
    /// Whether it is one of the steps in which a route of LiteLLM's is answered; `request` is then that of the route.
    bool isStep = false;
    qint64 skip = 0; ///< Of a step that lists: how many rows come before the page.

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

/// Makes the answer for an error, of a request with that id.
using Refusal = Answer (*)(const ApiError &error, QByteArrayView requestId);

/// One route of the admin API.
struct AdminRoute {
    QByteArray method;
    QByteArray pattern; ///< See http::PathTree.
    AdminHandler handler;
    AdminLater later{}; ///< Answers in the place of `handler` if there is one.
    Refusal refuse = problemAnswer;
};

} // namespace delta::admin
