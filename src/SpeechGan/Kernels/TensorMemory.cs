using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SpeechGan.Kernels;

/// <summary>A tensor's numbers as kernels read and write them.</summary>
internal static unsafe partial class TensorMemory
{
    /// <summary>The first number of a contiguous tensor on the CPU. The tensor must outlive the pointer's use: save it in a variable that
    /// is used after it.</summary>
    public static T* Pointer<T>(Tensor tensor)
        where T : unmanaged => (T*)THSTensor_data(tensor.Handle);

    /// <summary>A tensor that is not filled.</summary>
    public static Tensor Empty<T>(params long[] shape)
        where T : unmanaged => empty(shape, typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros<T>(params long[] shape)
        where T : unmanaged => zeros(shape, typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64);

    // TorchSharp's own accessors cost 65 ns to 1 us and end at 2 GiB; this is what they call.
    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint tensor);
}
