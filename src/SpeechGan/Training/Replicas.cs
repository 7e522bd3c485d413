using System.Security.Cryptography;
using SpeechGan.Configuration;
using SpeechGan.Distributed;
using SpeechGan.Runs;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>The ranks' copies of the networks: compared, and made equal where they may differ.</summary>
internal sealed class Replicas(IProcessGroup group, Networks networks, TrainConfig train)
{
    /// <summary>Compares all weights on all ranks, bit by bit.</summary>
    /// <param name="step">Steps taken, for the sentence.</param>
    /// <exception cref="ReplicaException">They differ. It is thrown on every rank.</exception>
    public void Compare(long step)
    {
        if (group.Size == 1)
            return;
        var mine = Shared().ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, entry) in mine)
            hash.AppendData(entry.Bytes.Span);
        var all = group.Share(hash.GetHashAndReset());
        if (all.All(d => d.AsSpan().SequenceEqual(all[0])))
            return;
        var tensors = group.Share(mine.ToDictionary(m => m.Name, m => Convert.ToHexStringLower(SHA256.HashData(m.Entry.Bytes.Span))));
        var first = mine.First(m => tensors.Any(t => t[m.Name] != tensors[0][m.Name])).Name;
        var ranks = tensors.Select((t, rank) => (t, rank)).Where(t => t.t[first] != tensors[0][first]).Select(t => t.rank);
        throw new ReplicaException(
            $"After step {step} the ranks hold different weights: {first} of rank {string.Join(", ", ranks)} is not that of rank 0. "
                + $"Nothing of this was saved. "
                + "Every rank must run the same program on the same kind of machine with the same train.threads; the last checkpoint "
                + "is intact.",
            first
        );
    }

    /// <summary>Gives all ranks the weights and buffers of rank 0: the beginning, since initial values are drawn by kernels that differ
    /// between processors.</summary>
    public void ShareAll()
    {
        if (group.Size == 1)
            return;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var module in new nn.Module?[] { networks.Generator, networks.Discriminator }.OfType<nn.Module>())
        foreach (var tensor in module.state_dict().Values)
            group.Broadcast(tensor);
    }

    /// <summary>
    /// Gives all ranks the running statistics of rank 0, which are those that are saved. Without synchronised BatchNorm each rank has
    /// gathered its own; they play no part in training.
    /// </summary>
    public void ShareStatistics()
    {
        if (group.Size == 1 || train.SyncBatchNorm)
            return;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var (name, buffer) in networks.Generator.named_buffers())
            if (IsStatistic(name))
                group.Broadcast(buffer);
    }

    private static bool IsStatistic(string name) =>
        name.EndsWith("running_mean", StringComparison.Ordinal) || name.EndsWith("running_var", StringComparison.Ordinal);

    private IEnumerable<(string Name, TensorEntry Entry)> Shared()
    {
        foreach (
            var (part, module) in new (string, nn.Module?)[]
            {
                ("generator", networks.Generator),
                ("discriminator", networks.Discriminator),
            }
        )
            if (module is not null)
                foreach (var (name, entry) in StateDict.Of(module).Where(e => train.SyncBatchNorm || !IsStatistic(e.Key)))
                    yield return ($"{part}.{name}", entry);
    }
}
