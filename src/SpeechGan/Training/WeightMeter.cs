using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SpeechGan.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>Measures what a step does to a network's parameters: on the parameters, not on what the optimiser was asked for.</summary>
/// <param name="parameters">The network's parameters.</param>
/// <param name="optimizer">What is to move them.</param>
internal sealed class WeightMeter(IEnumerable<Parameter> parameters, OptimizerHelper optimizer)
{
    private const int DigestDigits = 16;

    private readonly Parameter[] all = [.. parameters];
    private string? digest; // of the parameters as the last step left them
    private bool? changed; // since then
    private byte[]? before; // side by side; made at the first step, when the parameters have their type

    /// <summary>A resumed run: the step before was taken by another process, which recorded how it left the parameters.</summary>
    /// <param name="recorded">That step's digest; null where none was recorded.</param>
    public void Continue(string? recorded) => digest = recorded;

    /// <summary>Keeps the parameters as they are, before a step.</summary>
    public void Begin()
    {
        before ??= new byte[all.Sum(p => p.NumberOfElements * p.ElementSize)];
        var at = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Visit(
            (_, bytes) =>
            {
                hash.AppendData(bytes);
                bytes.CopyTo(before.AsSpan(at));
                at += bytes.Length;
            }
        );
        changed = digest is null ? null : digest != Digest(hash);
    }

    /// <summary>What has changed since; the gradients of a step that was taken must still be there.</summary>
    /// <param name="stepped">Whether the optimiser stepped: gradients of an earlier step move nothing, and a resumed run does not have
    /// them.</param>
    public WeightUpdate End(bool stepped)
    {
        double sum = 0;
        int at = 0,
            still = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Visit(
            (parameter, bytes) =>
            {
                var was = before.AsSpan(at, bytes.Length);
                at += bytes.Length;
                hash.AppendData(bytes);
                if (bytes.SequenceEqual(was))
                    still += stepped && HasGradient(parameter) ? 1 : 0;
                else
                    sum +=
                        parameter.dtype == ScalarType.Float64
                            ? Squares(MemoryMarshal.Cast<byte, double>(bytes), MemoryMarshal.Cast<byte, double>(was))
                            : Squares(MemoryMarshal.Cast<byte, float>(bytes), MemoryMarshal.Cast<byte, float>(was));
            }
        );
        double[] rates = [.. optimizer.ParamGroups.Select(g => g.LearningRate).Distinct()];
        digest = Digest(hash);
        return new WeightUpdate
        {
            ChangedBefore = changed,
            Norm = double.IsFinite(sum) ? Math.Sqrt(sum) : null,
            Rate = rates.Length == 1 ? rates[0] : null,
            Parameters = all.Sum(p => p.NumberOfElements),
            Still = still,
            Digest = digest,
        };
    }

    private static string Digest(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset())[..DigestDigits];

    // Some parameters have no influence (a bias before a normalisation): their gradient is rounding, far below this, and may leave them
    // where they are.
    private static bool HasGradient(Parameter parameter)
    {
        using var scope = NewDisposeScope();
        return parameter.grad is { } gradient && gradient.abs().max().ToDouble() > 1e-6;
    }

    private static double Squares(ReadOnlySpan<double> now, ReadOnlySpan<double> was)
    {
        double sum = 0;
        for (var i = 0; i < now.Length; i++)
            sum += (now[i] - was[i]) * (now[i] - was[i]);
        return sum;
    }

    private static double Squares(ReadOnlySpan<float> now, ReadOnlySpan<float> was)
    {
        double sum = 0;
        for (var i = 0; i < now.Length; i++)
        {
            double change = (double)now[i] - was[i];
            sum += change * change;
        }
        return sum;
    }

    private void Visit(Action<Parameter, ReadOnlySpan<byte>> visit)
    {
        using var quiet = no_grad();
        foreach (var parameter in all)
        {
            using var scope = NewDisposeScope();
            var host = parameter.detach().cpu().contiguous();
            visit(parameter, host.bytes);
        }
    }
}
