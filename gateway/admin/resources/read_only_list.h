#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/contract/list_download.h"
#include "gateway/admin/contract/list_query.h"
#include "gateway/admin/resources/control_room.h"
#include "gateway/store/control_tables.h"
#include "shared/json/json_codec.h"

#include <QByteArray>
#include <QJsonArray>

#include <utility>

namespace delta::admin {

/// A list of what nobody changes by hand. `room` outlives its answers.
template <Described T>
struct ReadOnlyList {
    const ControlRoom &room;
    store::EntityTable<T> store::ControlTables::*table;
    Permission read;     ///< What it takes to see one.
    QByteArray fileName; ///< Of downloads.

    /// Answers with a page, or with all rows as a file. Errors: InvalidRequest naming a parameter; StoreUnavailable.
    [[nodiscard]] Result<Answer> answer(const AdminCall &call) const
    {
        TRY(const ListFormat format, readListFormat(call.query));
        Answer made;
        TRY_VOID(room.store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(store::ListQuestion question,
                readListQuery(call.query, (tables.*table).shape(), Downloads::Offered));
            question.reach = call.caller.reach(read);
            if (format != ListFormat::Page) {
                made = downloadAnswer(
                    format, fileName, fieldNames<T>(), std::move(question),
                    [self = *this](const store::ListQuestion &asked) { return self.rows(asked); });
                return {};
            }
            TRY(const store::ListPage<T> found, (tables.*table).list(question));
            QJsonArray items;
            for (const T &object : found.items) {
                items.append(toJson(object));
            }
            made = jsonAnswer(pageJson(found, question, items));
            return {};
        }));
        return made;
    }

private:
    [[nodiscard]] Result<ListRows> rows(const store::ListQuestion &question) const
    {
        ListRows rows;
        TRY_VOID(room.store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(const store::ListPage<T> found, (tables.*table).list(question));
            for (const T &object : found.items) {
                rows.items.push_back(toJson(object));
            }
            rows.next = found.next;
            return {};
        }));
        return rows;
    }
};

} // namespace delta::admin
