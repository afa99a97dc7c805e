#include "gateway/auth/jwt/jwt_algorithm.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

constexpr std::array rows{
    JwtAlgorithmFacts{JwtAlgorithm::Rs256, "RS256"_L1, KeyKind::Rsa, "SHA256"},
    JwtAlgorithmFacts{JwtAlgorithm::Rs384, "RS384"_L1, KeyKind::Rsa, "SHA384"},
    JwtAlgorithmFacts{JwtAlgorithm::Rs512, "RS512"_L1, KeyKind::Rsa, "SHA512"},
    JwtAlgorithmFacts{JwtAlgorithm::Ps256, "PS256"_L1, KeyKind::Rsa, "SHA256", true},
    JwtAlgorithmFacts{JwtAlgorithm::Ps384, "PS384"_L1, KeyKind::Rsa, "SHA384", true},
    JwtAlgorithmFacts{JwtAlgorithm::Ps512, "PS512"_L1, KeyKind::Rsa, "SHA512", true},
    JwtAlgorithmFacts{JwtAlgorithm::Es256, "ES256"_L1, KeyKind::P256, "SHA256"},
    JwtAlgorithmFacts{JwtAlgorithm::Es384, "ES384"_L1, KeyKind::P384, "SHA384"},
    JwtAlgorithmFacts{JwtAlgorithm::Es512, "ES512"_L1, KeyKind::P521, "SHA512"},
    JwtAlgorithmFacts{JwtAlgorithm::EdDsa, "EdDSA"_L1, KeyKind::Ed25519, nullptr},
};

} // namespace

std::span<const JwtAlgorithmFacts> jwtAlgorithms()
{
    return rows;
}

const JwtAlgorithmFacts *findJwtAlgorithm(QStringView name)
{
    const auto *row = std::ranges::find_if(
        rows, [name](const JwtAlgorithmFacts &facts) { return name == facts.name; });
    return row == rows.end() ? nullptr : row;
}

} // namespace delta::auth
