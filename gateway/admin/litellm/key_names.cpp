#include "gateway/admin/litellm/key_names.h"

#include "gateway/auth/key_format.h"
#include "gateway/store/control_tables.h"

#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

Result<QString> keyIdOf(const Steps &steps, const QString &name)
{
    std::optional<ports::StoredKey> found;
    TRY_VOID(steps.parts().store.look([&](store::ControlTables &tables) -> Result<void> {
        const QByteArray text = name.toUtf8();
        if (!auth::looksLikeOurs(text)) {
            TRY(found, tables.keys.find(name));
            return {};
        }
        const auth::KeyMac mac = steps.parts().pepper.mac(text);
        TRY(found,
            tables.keys.findByMac(
                {reinterpret_cast<const char *>(mac.data()), static_cast<qsizetype>(mac.size())}));
        return {};
    }));
    return found ? found->key.id : u"none"_s;
}

ApiError namedBy(ApiError error, const QString &field)
{
    if (error.param == "key_id"_L1 || error.param == "token"_L1) {
        error.message.replace(u'\'' + error.param + u'\'', u'\'' + field + u'\'');
        error.param = field;
    }
    return error;
}

} // namespace delta::admin::litellm
