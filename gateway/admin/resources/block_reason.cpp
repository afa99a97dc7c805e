#include "gateway/admin/resources/block_reason.h"

#include "shared/json/json_codec.h"
#include "shared/models/text_rules.h"

#include <tuple>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

struct BlockWish {
    QString reason;

    static constexpr auto fields()
    {
        return std::tuple{field("reason"_L1, &BlockWish::reason)};
    }
};

} // namespace

Result<QString> readBlockReason(const QJsonObject &body)
{
    TRY(const BlockWish wish, fromJson<BlockWish>(body));
    TRY_VOID(checkProse(wish.reason, u"reason"_s));
    return wish.reason;
}

} // namespace delta::admin
