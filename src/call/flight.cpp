#include "call/flight.hpp"

namespace usher::detail {

flight::flight(connection& on, const prepared_call& call, const type_info* type, void* target,
               const decode_limits& limits, raw_answer* raw)
    : on_(&on), block_(call.block), request_(call.wire()), taken_(on.decode, type, target, limits, raw)
{
}

void flight::start(deadline_queue& deadlines, const exchange_limits& limits, boost::asio::steady_timer& wake)
{
    wake_ = &wake;
    machine_.emplace(*on_, deadlines, request_, taken_, limits);
    go_on();
}

void flight::go_on()
{
    const auto need = machine_->advance();
    if (need == io_state::ready || need == io_state::failed)
        return end();
    on_->io->socket()->async_wait(wait_type_of(need),
                                  [self = shared_from_this()](const boost::system::error_code& failed) {
                                      if (self->over_ || self->machine_ == std::nullopt)
                                          return;
                                      if (!failed && !self->on_->watch.expired)
                                          return self->go_on();
                                      self->machine_->interrupt(failed);
                                      self->end();
                                  });
}

void flight::cancel()
{
    if (over_)
        return;
    machine_->interrupt(boost::asio::error::operation_aborted);
    end();
}

void flight::end()
{
    over_ = true;
    report_ = machine_->report();
    wake_->cancel();
}

void flight::stop() noexcept
{
    if (machine_ && !over_)
        report_ = machine_->report();
    machine_.reset();
    on_ = nullptr;
    wake_ = nullptr;
}

} // namespace usher::detail
