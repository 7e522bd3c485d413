using SpeechGan.Distributed;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// The generator's gradients, averaged over all ranks while the backward pass goes on: as soon as it has passed a stage, that stage's
/// gradients go side by side into one tensor, a bucket, whose sum is begun; the stages before are computed meanwhile. The last bucket alone
/// is waited for. The bits are those of one sum at the end: each
/// number is added by itself, in the order of the ranks.
/// </summary>
internal sealed class GradientBuckets : IDisposable
{
    private readonly IProcessGroup group;
    private readonly Models.Generator generator;
    private readonly List<Bucket> begun = [];
    private readonly IReadOnlyList<IReadOnlyList<Parameter>> stages;
    private Exception? failure;

    /// <summary>Makes it for a network.</summary>
    /// <param name="group">The ranks, two or more.</param>
    /// <param name="generator">The network.</param>
    public GradientBuckets(IProcessGroup group, Models.Generator generator)
    {
        (this.group, this.generator, stages) = (group, generator, generator.ParametersInBackwardOrder());
    }

    /// <summary>Sums that were begun before the backward pass had ended, of the last pass.</summary>
    public int BegunInPass { get; private set; }

    /// <summary>From now on gradients belong to a new backward pass, which is the next.</summary>
    public void Begin()
    {
        Drop();
        failure = null;
        generator.GradientsReached = Reached;
    }

    /// <summary>Waits for all sums and leaves the mean over the ranks in the parameters.</summary>
    /// <returns>Whether this rank's own gradients were finite: the sum does not tell whose were not.</returns>
    /// <exception cref="GroupException">A rank is gone or did not answer in time.</exception>
    public bool Finish()
    {
        generator.GradientsReached = null;
        BegunInPass = begun.Count;
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        BeginUpTo(stages.Count - 1);
        var finite = true;
        foreach (var bucket in begun)
        {
            bucket.Wait(group);
            finite &= bucket.OwnIsFinite;
        }
        Drop();
        return finite;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        generator.GradientsReached = null;
        Drop();
    }

    // On the thread of the backward pass, where nothing may be thrown.
    private void Reached(int stage)
    {
        if (failure is not null)
            return;
        try
        {
            BeginUpTo(stage);
            foreach (var bucket in begun)
                bucket.Advance();
        }
        catch (Exception e)
        {
            failure = e;
        }
    }

    private void BeginUpTo(int stage)
    {
        while (begun.Count <= stage)
            begun.Add(Bucket.Begin(group, stages[begun.Count]));
    }

    private void Drop()
    {
        begun.ForEach(b => b.Dispose());
        begun.Clear();
    }

    /// <summary>A stage's gradients on their way.</summary>
    private sealed class Bucket : IDisposable
    {
        private readonly Tensor[] gradients;
        private readonly Tensor flat;
        private readonly IPendingSum sum;

        private Bucket(Tensor[] gradients, Tensor flat, bool finite, IPendingSum sum) =>
            (this.gradients, this.flat, OwnIsFinite, this.sum) = (gradients, flat, finite, sum);

        public bool OwnIsFinite { get; }

        public static Bucket Begin(IProcessGroup group, IReadOnlyList<Parameter> parameters)
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            Tensor[] gradients = [.. parameters.Select(p => p.grad).OfType<Tensor>().Select(g => g.DetachFromDisposeScope())];
            var flat = (gradients.Length == 0 ? zeros(1) : cat([.. gradients.Select(g => g.reshape(-1))])).DetachFromDisposeScope();
            var finite = double.IsFinite(flat.sum().ToDouble());
            return new Bucket(gradients, flat, finite, group.BeginSum(flat));
        }

        public void Advance() => _ = sum.IsDone;

        public void Wait(IProcessGroup group)
        {
            sum.Wait(group.Deadline);
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            flat.mul_(1.0 / group.Size);
            long at = 0;
            foreach (var gradient in gradients)
            {
                var count = gradient.NumberOfElements;
                gradient.copy_(flat.narrow(0, at, count).view(gradient.shape));
                at += count;
            }
        }

        public void Dispose()
        {
            flat.Dispose();
            foreach (var gradient in gradients)
                gradient.Dispose();
        }
    }
}
