using SpeechGan.Configuration;
using SpeechGan.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>
/// What the configured networks are made of, at their own channels, kernels and bins, over a few frames: libraries choose their kernels by the former, and
/// time goes with the latter.
/// </summary>
/// <param name="config">The run.</param>
/// <param name="purpose">What of them is used.</param>
internal sealed class NetworkChecks(RunConfig config, TestPurpose purpose)
{
    private const long Batch = 2, Frames = 2;
    private const long WideBins = Spectrum.Bins, Bins = (Spectrum.Bins + 1) / 2;

    // Frames enough for the largest dilation; bins that fill no vector.
    private const long BlockFrames = (1 << (DilatedDenseBlock.Depth - 1)) + 2, BlockBins = 13;

    // Dropout that drops nothing: the kernels' way with it, and results that can be compared, in float32.
    private const double NoDropout = 1e-12;

    private readonly long channels = config.Model.Channels;
    private readonly long heads = config.Model.Heads;

    private bool Trains => purpose == TestPurpose.Training;

    // LayerNorm over fewer channels takes nearly all of a gradient out: what is left of it is rounding.
    private bool HasGradientOfLayerNorm => Trains && channels > 3;

    /// <summary>All that are computed with kernels of a choice, in the order of the networks.</summary>
    public IReadOnlyList<KernelCheck> Of(KernelChoice choice) =>
    [
        Transform(), InverseTransform(),
        .. GeneratorConvolutions(), .. choice == KernelChoice.Operators ? PartsOperators() : [], .. Norms(), .. Parts(),
        .. Trains && config.HasDiscriminator ? Discriminator() : [],
    ];

    private IEnumerable<KernelCheck> GeneratorConvolutions()
    {
        yield return Convolution("convolution 1x1", 3, channels, (1, 1), (Frames, WideBins));
        yield return Convolution("convolution 1x3, stride 2", channels, channels, (1, 3), (Frames, WideBins), stride: (1, 2), padding: (0, 1));
        yield return Convolution("sub-pixel convolution 1x3", channels, 2 * channels, (1, 3), (Frames, Bins + 2));
        yield return Convolution("convolution 1x2", channels, 2, (1, 2), (Frames, 2 * Bins));
        yield return Convolution("convolution 1x2", channels, 1, (1, 2), (Frames, 2 * Bins));
        yield return Convolution("convolution 1x1", 1, 1, (1, 1), (Frames, WideBins));
    }

    /// <summary>What parts are made of where they are computed operator by operator.</summary>
    private IEnumerable<KernelCheck> PartsOperators()
    {
        foreach (var bins in new[] { WideBins, Bins })
            for (var i = 0; i < DilatedDenseBlock.Depth; i++)
                yield return Convolution(
                    $"convolution 2x3, dilation {1 << i}", (i + 1) * channels, channels, (2, 3), (Frames + (1 << i), bins + 2), dilation: 1 << i);
        var taps = ConvolutionModule.Kernel;
        yield return new KernelCheck(
            $"depthwise convolution, {taps} taps", $"{2 * channels} channels, {Batch}x{Bins}", [Batch, 2 * channels, Bins], Batch * Bins,
            _ => Conv1d(2 * channels, 2 * channels, taps, padding: taps / 2, groups: 2 * channels)) { Gradients = Trains };
    }

    private IEnumerable<KernelCheck> Norms()
    {
        var images = new[] { Batch, channels, Frames, WideBins };
        yield return Simple("instance norm", $"{channels} channels, {Frames}x{WideBins}", images, _ => InstanceNorm2d(channels, affine: true));
        yield return Simple("instance norm", $"1 channel, {Frames}x{WideBins}", [Batch, 1, Frames, WideBins], _ => InstanceNorm2d(1, affine: true));
        yield return Simple("PReLU", $"{channels} slopes, {Frames}x{WideBins}", images, _ => PReLU(channels));
        yield return Simple("PReLU", $"{WideBins} slopes, {Frames} frames", [Batch, WideBins, Frames, 1], _ => PReLU(WideBins));
        yield return Simple("layer norm", $"{channels} channels, {Batch}x{Bins}", [Batch, Bins, channels], _ => LayerNorm(channels));

        KernelCheck Simple(string name, string shape, long[] input, Func<INetworkKernels, Module<Tensor, Tensor>> made) =>
            new(name, shape, input, input.Aggregate((a, b) => a * b) / (name == "layer norm" ? channels : input[1]), made) { Gradients = name == "layer norm" ? HasGradientOfLayerNorm : Trains };
    }

    private IEnumerable<KernelCheck> Parts()
    {
        long[] sequences = [Batch, Bins, channels];
        var (shape, positions) = ($"{channels} channels, {Batch}x{Bins}", Batch * Bins);
        var dropout = Trains && config.Model.Dropout > 0 && config.Train.Precision == Precision.Float32 ? NoDropout : 0;
        yield return new KernelCheck("feed forward", shape, sequences, Math.Max(positions, 4 * channels), k => new FeedForward(channels, dropout, k))
        {
            Reference = () => new FeedForward(channels, 0, new OperatorKernels()), Gradients = HasGradientOfLayerNorm, Training = Trains,
        };
        yield return new KernelCheck("relative attention", $"{shape}, {heads} heads", sequences, positions, k => new RelativeAttention(channels, heads, dropout, k))
        {
            Reference = () => new RelativeAttention(channels, heads, 0, new OperatorKernels()), Gradients = HasGradientOfLayerNorm, Training = Trains,
        };
        yield return new KernelCheck("convolution module", shape, sequences, positions, k => new ConvolutionModule(channels, k))
        {
            Gradients = HasGradientOfLayerNorm, Training = Trains, Prepare = OpenGates,
        };
        yield return new KernelCheck(
            "dense block", $"{channels} channels, {BlockFrames}x{BlockBins}", [Batch, channels, BlockFrames, BlockBins],
            Math.Max(6 * DilatedDenseBlock.Depth * channels, Batch * BlockFrames * BlockBins), k => new DilatedDenseBlock(channels, k)) { Gradients = Trains, Prepare = KeepFromBending };
    }

    private IEnumerable<KernelCheck> Discriminator()
    {
        var features = config.Discriminator.Features;
        long[] widths = [2, features, 2 * features, 4 * features, 8 * features];
        var (rows, columns) = (16L, 64L);
        for (var i = 0; i < 4; i++, rows /= 2, columns /= 2)
        {
            var (from, to) = (widths[i], widths[i + 1]);
            yield return new KernelCheck(
                "discriminator's convolution 4x4, stride 2", $"{from} to {to} channels, {rows}x{columns}", [Batch, from, rows, columns],
                Math.Max(16 * from, Batch * rows * columns / 4), k => new SpectralConvolution(from, to, k));
        }
        foreach (var (from, to) in new[] { (8L * features, 4L * features), (4L * features, 1L) })
            yield return new KernelCheck("discriminator's linear layer", $"{from} to {to}", [Batch, from], from, _ => new SpectralLinear(from, to));
    }

    private KernelCheck Convolution(
        string name, long from, long to, (long, long) kernel, (long Rows, long Columns) image,
        (long, long)? stride = null, (long, long)? padding = null, int dilation = 1) =>
        new(name, $"{from} to {to} channels, {image.Rows}x{image.Columns}", [Batch, from, image.Rows, image.Columns],
            Math.Max(kernel.Item1 * kernel.Item2 * Math.Max(from, to), Batch * image.Rows * image.Columns),
            _ => Conv2d(from, to, kernel, stride: stride ?? (1, 1), padding: padding ?? (0, 0), dilation: (dilation, 1)))
        {
            Gradients = Trains,
        };

    private KernelCheck Transform() => new(
        "short-time Fourier transform", $"{Spectrum.FftLength} points, hop {Spectrum.Hop}", [Batch, 8 * Spectrum.Hop], Spectrum.FftLength,
        _ => new Function(x =>
        {
            using var spectrum = new Spectrum(x.dtype, x.device);
            return view_as_real(stft(x, Spectrum.FftLength, Spectrum.Hop, Spectrum.FftLength, spectrum.Window, onesided: true, return_complex: true));
        })) { Gradients = Trains };

    private KernelCheck InverseTransform() => new(
        "inverse short-time Fourier transform", $"{Spectrum.FftLength} points, hop {Spectrum.Hop}", [Batch, Spectrum.Bins, 9, 2], Spectrum.FftLength,
        _ => new Function(x =>
        {
            using var spectrum = new Spectrum(x.dtype, x.device);
            return istft(view_as_complex(x), Spectrum.FftLength, Spectrum.Hop, Spectrum.FftLength, spectrum.Window, onesided: true);
        })) { Gradients = Trains };

    // InstanceNorm gives values about 0, where a PReLU bends: half of the channels are moved to its one side, half to the other.
    private static void KeepFromBending(Module block)
    {
        using var quiet = no_grad();
        foreach (var (name, parameter) in block.named_parameters().Where(p => p.name.StartsWith("norm", StringComparison.Ordinal)))
        {
            if (name.EndsWith("weight", StringComparison.Ordinal))
                parameter.mul_(0.5);
            else
                parameter.copy_((arange(parameter.shape[0]).remainder(2) * 8) - 4);
        }
    }

    // Initial weights leave the gates nearly constant, and BatchNorm then takes most of the gradient before them out again: what is left is half rounding.
    private static void OpenGates(Module module)
    {
        using var quiet = no_grad();
        module.get_parameter("net.2.weight")!.mul_(4);
    }

    /// <summary>A function as a module.</summary>
    private sealed class Function(Func<Tensor, Tensor> compute) : Module<Tensor, Tensor>(nameof(Function))
    {
        public override Tensor forward(Tensor input) => compute(input);
    }
}
