using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>Who frees a tensor, and when.</summary>
[RequiresTensorEngine]
[NonParallelizable]
internal sealed class DisposeScopeTests
{
    [Test]
    public void A_scope_frees_what_was_made_in_it()
    {
        Tensor made;
        using (NewDisposeScope())
        {
            made = zeros(3);
            made.IsInvalid.Should().BeFalse();
        }
        made.IsInvalid.Should().BeTrue();
    }

    [Test]
    public void A_tensor_moved_out_belongs_to_the_next_scope()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                moved = zeros(3).MoveToOuterDisposeScope();
                inner.Contains(moved).Should().BeFalse();
            }
            moved.IsInvalid.Should().BeFalse();
        }
        moved.IsInvalid.Should().BeTrue();
    }

    [Test]
    public void A_tensor_moved_out_of_the_outermost_scope_or_detached_lives_on()
    {
        Tensor moved, detached;
        using (NewDisposeScope())
        {
            moved = zeros(3).MoveToOuterDisposeScope();
            using (NewDisposeScope())
                detached = zeros(3).DetachFromDisposeScope();
        }
        moved.IsInvalid.Should().BeFalse();
        detached.IsInvalid.Should().BeFalse();
        moved.Dispose();
        detached.Dispose();
    }

    [Test]
    public void A_tensor_belongs_to_the_innermost_scope_only()
    {
        using var outer = NewDisposeScope();
        var first = zeros(1);
        using (var inner = NewDisposeScope())
        {
            zeros(1);
            inner.DisposablesCount.Should().Be(1);
            outer.DisposablesCount.Should().Be(1);
        }
        outer.Contains(first).Should().BeTrue();
    }

    [Test]
    public void An_exception_leaves_nothing_behind_and_the_scope_before_in_place()
    {
        var before = Tensor.TotalCount;
        using (var outer = NewDisposeScope())
        {
            var failing = () =>
            {
                using var inner = NewDisposeScope();
                zeros(3);
                zeros(3).add(zeros(4));
            };
            failing.Should().Throw<System.Runtime.InteropServices.ExternalException>();
            var after = zeros(2);
            outer.Contains(after).Should().BeTrue("the failed scope is no longer the innermost");
            outer.DisposablesCount.Should().Be(1);
        }
        Tensor.TotalCount.Should().Be(before);
    }

    [Test]
    public void What_is_kept_survives_the_clearing_of_a_scope()
    {
        using var scope = NewDisposeScope();
        Tensor keep = zeros(1), drop = zeros(1);
        scope.DisposeEverythingBut(keep);
        keep.IsInvalid.Should().BeFalse();
        drop.IsInvalid.Should().BeTrue();
        scope.DisposablesCount.Should().Be(1);
    }

    [Test]
    public void Scopes_of_two_threads_do_not_mix()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = zeros(1));
        thread.Start();
        thread.Join();
        scope.DisposablesCount.Should().Be(0);
        elsewhere!.IsInvalid.Should().BeFalse();
        elsewhere.Dispose();
    }

    [Test]
    public void A_disposed_tensor_says_so_instead_of_crashing()
    {
        var gone = zeros(3);
        gone.Dispose();
        gone.Dispose();
        FluentActions.Invoking(() => gone.add(1)).Should().Throw<InvalidOperationException>().WithMessage("*disposed*");
        FluentActions.Invoking(() => gone.shape).Should().Throw<InvalidOperationException>().WithMessage("*disposed*");
    }

    [Test]
    public void A_parameter_takes_over_the_tensor_and_its_place()
    {
        using var scope = NewDisposeScope();
        var data = ones(2);
        var parameter = nn.Parameter(data);
        data.IsInvalid.Should().BeTrue();
        scope.Contains(parameter).Should().BeTrue();
        parameter.requires_grad.Should().BeTrue();
    }

    [Test]
    public void A_wrapped_scope_returns_its_result_alone()
    {
        var before = Tensor.TotalCount;
        using (var sum = WrappedTensorDisposeScope(() => ones(3) + ones(3)))
        {
            Tensor.TotalCount.Should().Be(before + 1);
            using var total = sum.sum();
            total.ToDouble().Should().Be(6);
        }
    }
}
