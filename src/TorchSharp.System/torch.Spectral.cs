using TorchSharp.Interop;

namespace TorchSharp;

public enum PaddingModes { Zeros = 0, Reflect = 1, Replicate = 2, Circular = 3, Constant = 4 }

public static partial class torch
{
    private static readonly Op
        StftOp = new("stft", "center"), IstftOp = new("istft"), HammingOp = new("hamming_window", "periodic_alpha_beta"),
        HannOp = new("hann_window", "periodic");

    public static Tensor stft(
        Tensor input, long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true,
        PaddingModes pad_mode = PaddingModes.Reflect, bool normalized = false, bool? onesided = null, bool? return_complex = null) =>
        StftOp.Call(
            input, n_fft, Given(hop_length), Given(win_length), window, center, PaddingName(pad_mode), normalized, onesided, return_complex);

    public static Tensor istft(
        Tensor input, long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true,
        bool normalized = false, bool? onesided = null, long length = -1, bool return_complex = false) =>
        IstftOp.Call(
            input, n_fft, Given(hop_length), Given(win_length), window, center, normalized, onesided, Given(length), return_complex);

    public static Tensor hamming_window(
        long len, bool periodic = true, float alpha = 0.54f, float beta = 0.46f, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        // Single-precision coefficients, as TorchSharp has them: in float64 make the window from doubles instead.
        Made(HammingOp.Call(len, periodic, (double)alpha, (double)beta, dtype ?? defaultType, default, device), requires_grad);

    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(HannOp.Call(len, periodic, dtype ?? defaultType, default, device), requires_grad);

    private static long? Given(long n) => n < 0 ? null : n;

    internal static string PaddingName(PaddingModes mode) => mode switch
    {
        PaddingModes.Reflect => "reflect",
        PaddingModes.Replicate => "replicate",
        PaddingModes.Circular => "circular",
        _ => "constant",
    };
}
