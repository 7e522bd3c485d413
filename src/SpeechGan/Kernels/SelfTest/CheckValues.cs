using static TorchSharp.torch;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>
/// Inputs, weights and directions of a check: the same on every machine and in every run, float32 numbers, so that float64 computes with
/// the very same. All are drawn from the default generator after <see cref="Seed"/>.
/// </summary>
internal static class CheckValues
{
    /// <summary>Begins the numbers of one check.</summary>
    public static void Seed() => manual_seed(20_260_401).Dispose();

    /// <summary>Moves what begins as 0 or 1 (biases, norms, slopes) off its initial value; products' weights keep theirs.</summary>
    public static void Fill(nn.Module module)
    {
        using var quiet = no_grad();
        foreach (var parameter in module.parameters().Where(p => p.dim() == 1))
            parameter.add_(rand_like(parameter), 0.5);
    }

    /// <summary>Sets a module's parameters and buffers to another's of the same structure.</summary>
    public static void Copy(nn.Module from, nn.Module to)
    {
        using var quiet = no_grad();
        var values = from.state_dict();
        foreach (var (name, tensor) in to.state_dict())
            tensor.copy_(values[name]);
    }

    /// <summary>Between 0.1 and 1.1 on both sides of 0: at 0 a PReLU bends, and a rounding there would change a gradient wholly.</summary>
    public static Tensor Input(long[] shape)
    {
        var centred = (rand(shape) * 2) - 1;
        return centred + (centred.sign() * 0.1);
    }

    /// <summary>The gradient that a backward pass begins with. Not centred: no sum over positions is near 0 by chance, with a large error
    /// beside it.</summary>
    public static Tensor Direction(long[] shape) => (rand(shape) * 2) - 0.75;
}
