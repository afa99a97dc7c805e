#pragma once

#include <QCoroTask>

namespace delta::pipeline {

/// A coroutine of the pipeline. It starts at once and runs on the loop thread of its call; dropping
/// it does not stop it, so whoever starts one awaits it or is told of its end.
template <typename T = void>
using Task = QCoro::Task<T>;

} // namespace delta::pipeline
