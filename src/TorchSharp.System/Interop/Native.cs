using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The C functions of native/shim.cpp and native/distributed.cpp, in their order.</summary>
internal static unsafe partial class Native
{
    private const string Lib = NativeLibraries.Torch;

    [LibraryImport(Lib)] internal static partial nint sg_error();
    [LibraryImport(Lib)] internal static partial nint sg_version();
    [LibraryImport(Lib)] internal static partial int sg_config(byte* text, int capacity);
    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)] internal static partial int sg_op(string name, string overload, out nint op);
    [LibraryImport(Lib)] internal static partial int sg_call(nint op, Value* args, int nargs, Value* results, int capacity, out int count);
    [LibraryImport(Lib)] internal static partial void sg_free(nint h);
    [LibraryImport(Lib)] internal static partial int sg_alias(nint h, out nint alias);
    [LibraryImport(Lib)] internal static partial int sg_shape(nint h, long* sizes, long* strides, int capacity, out int dim);
    [LibraryImport(Lib)] internal static partial int sg_dtype(nint h);
    [LibraryImport(Lib)] internal static partial int sg_device(nint h, out int index);
    [LibraryImport(Lib)] internal static partial int sg_data(nint h, out nint p);
    [LibraryImport(Lib)] internal static partial int sg_contiguous(nint h);
    [LibraryImport(Lib)] internal static partial int sg_requires_grad(nint h);
    [LibraryImport(Lib)] internal static partial int sg_set_requires_grad(nint h, int on);
    [LibraryImport(Lib)] internal static partial int sg_is_leaf(nint h);
    [LibraryImport(Lib)] internal static partial int sg_retain_grad(nint h);
    [LibraryImport(Lib)] internal static partial int sg_grad(nint h, out nint g);
    [LibraryImport(Lib)] internal static partial int sg_set_grad(nint h, nint g);
    [LibraryImport(Lib)] internal static partial int sg_set_data(nint h, nint other);
    [LibraryImport(Lib)] internal static partial int sg_grad_mode();
    [LibraryImport(Lib)] internal static partial void sg_set_grad_mode(int on);
    [LibraryImport(Lib)]
    internal static partial int sg_backward(
        nint* tensors, int n, nint* grads, int ngrads, int retain, int create, nint* inputs, int ninputs);
    [LibraryImport(Lib)]
    internal static partial int sg_autograd_grad(
        nint* outputs, int n, nint* inputs, int ninputs, nint* grads, int ngrads, int retain, int create, int allowUnused, nint* results);
    [LibraryImport(Lib)] internal static partial int sg_num_threads();
    [LibraryImport(Lib)] internal static partial int sg_set_num_threads(int n);
    [LibraryImport(Lib)] internal static partial int sg_num_interop_threads();
    [LibraryImport(Lib)] internal static partial int sg_set_num_interop_threads(int n);
    [LibraryImport(Lib)] internal static partial int sg_manual_seed(long seed);
    [LibraryImport(Lib)] internal static partial int sg_initial_seed(out long seed);
    [LibraryImport(Lib)] internal static partial int sg_rng_state(int cuda, out nint state);
    [LibraryImport(Lib)] internal static partial int sg_set_rng_state(int cuda, nint state);
    [LibraryImport(Lib)] internal static partial int sg_has_cuda();
    [LibraryImport(Lib)] internal static partial int sg_cuda_count();
    [LibraryImport(Lib)] internal static partial int sg_set_tf32(int matmul, int on);
    [LibraryImport(Lib)] internal static partial int sg_tf32(int matmul);
    [LibraryImport(Lib)] internal static partial nint sg_fused_kernels();
    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)] internal static partial void sg_fused_use(string? isa);
    [LibraryImport(Lib)] internal static partial void sg_profile_start();
    [LibraryImport(Lib)] internal static partial void sg_profile_stop(byte* text, int capacity);

    // native/distributed.cpp
    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)] internal static partial int sg_group_has(string backend);
    [LibraryImport(Lib, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sg_group_join(
        string backend, string address, int port, int serve, string prefix, int rank, int size, long timeoutMilliseconds, out nint group);
    [LibraryImport(Lib)] internal static partial void sg_group_leave(nint group);
    [LibraryImport(Lib)] internal static partial void sg_group_set_timeout(nint group, long milliseconds);
    [LibraryImport(Lib)] internal static partial int sg_group_lost(nint group);
    [LibraryImport(Lib)] internal static partial int sg_group_all_reduce(nint group, nint tensor);
    [LibraryImport(Lib)] internal static partial int sg_group_all_reduce_grad(nint group, nint tensor, out nint result);
    [LibraryImport(Lib)] internal static partial int sg_group_broadcast(nint group, nint tensor, int root);
    [LibraryImport(Lib)] internal static partial int sg_group_all_gather(nint group, nint mine, nint all);

    /// <summary>Turns a failed call into the exception TorchSharp throws, with the operator's name and libtorch's text.</summary>
    /// <exception cref="ExternalException">When <paramref name="code"/> is not 0.</exception>
    internal static void Check(int code, string what)
    {
        if (code != 0)
            throw new ExternalException($"{what}: {Marshal.PtrToStringUTF8(sg_error())}");
    }
}
